import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';
import { codeOf } from './useKeys';

interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** more than 1 makes it a text area */
  rows?: number;
  /** set in the serif of stories */
  story?: boolean;
  error?: string | null;
  onEnter?: () => void;
  /** of an area; takes a paste before the browser does. @returns whether it did */
  onPaste?: (text: string) => boolean;
}

/** A place to type. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, placeholder, rows = 1, story, error, onEnter, onPaste, ...field } = props;
  const className = `${styles.box} ${story ? styles.story : ''}`;
  return (
    <Field {...field} error={error}>
      {({ id, describedBy }) => {
        const shared = { id, className, value, placeholder, disabled: field.disabled, 'aria-describedby': describedBy };
        if (rows > 1)
          return (
            <textarea
              {...shared}
              rows={rows}
              onChange={(event) => onChange(event.currentTarget.value)}
              onPaste={(event) => {
                if (onPaste?.(event.clipboardData.getData('text/plain'))) event.preventDefault();
              }}
            />
          );
        return (
          <input
            {...shared}
            type="text"
            onChange={(event) => onChange(event.currentTarget.value)}
            onKeyDown={(event) => codeOf<'A field'>(event) === 'Enter' && onEnter?.()}
          />
        );
      }}
    </Field>
  );
}
