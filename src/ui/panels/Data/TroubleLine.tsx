import { asSentence, LAB_ERRORS } from '../../../contract/errors';
import { useLab } from '../../../store/lab';
import { Say } from '../../primitives/Say';
import { WorkProgress } from '../WorkProgress';

/** How far a corpus in the making is, or why it could not be made. */
export function TroubleLine() {
  const busy = useLab((state) => state.corpus.busy);
  const error = useLab((state) => state.corpus.error);
  if (busy) return <WorkProgress kind="corpus" label="Making the corpus" />;
  if (!error) return null;
  const known = error.code ? LAB_ERRORS[error.code] : null;
  return (
    <Say
      tone={error.code === 'work/cancelled' ? 'neutral' : 'bad'}
      lead={known ? `${known.title}.` : 'That did not work.'}
    >
      {asSentence(error.message)} {known?.next}
    </Say>
  );
}
