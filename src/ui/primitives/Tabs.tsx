import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

interface TabsProps<T extends string> {
  /** names the list of tabs */
  label: string;
  tabs: readonly { id: T; label: string; content: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
  className?: string;
  /** what all tabs are about: above the list, or beside it where there is room */
  about?: ReactNode;
  /** all views stay there, and the page's style says where one shows alone: `data-state` of a panel */
  allStay?: boolean;
}

/**
 * Views of the same thing, one at a time; arrow keys move between them, Tab goes on to what is in the one that shows. One
 * alone is shown without a choice.
 */
export function Tabs<T extends string>({ label, tabs, value, onChange, className = '', about, allStay }: TabsProps<T>) {
  if (tabs.length === 1)
    return (
      <div className={`${styles.root} ${className}`}>
        {about && <div className={styles.about}>{about}</div>}
        <div className={styles.content}>{tabs[0]?.content}</div>
      </div>
    );
  const list = (
    <Radix.List className={styles.list} aria-label={label}>
      {tabs.map((tab) => (
        <Radix.Trigger key={tab.id} className={styles.tab} value={tab.id}>
          {tab.label}
        </Radix.Trigger>
      ))}
    </Radix.List>
  );
  return (
    <Radix.Root className={`${styles.root} ${className}`} value={value} onValueChange={(next) => onChange(next as T)}>
      {about ? (
        <div className={styles.about}>
          {about}
          {list}
        </div>
      ) : (
        list
      )}
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.id}
          className={styles.content}
          value={tab.id}
          tabIndex={-1}
          forceMount={allStay || undefined}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
