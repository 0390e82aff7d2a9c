import { inWords } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { Card } from '../../primitives/Card';
import { keyed } from '../../primitives/keyed';
import { TextField } from '../../primitives/TextField';
import { ScrollBox } from '../ScrollBox';
import { useDebounced } from '../useDebounced';
import styles from './Data.module.css';
import { tokenTint, visibleToken } from './tokenLook';

/** of a long text: each is three elements of the page, and a hundred thousand of them stop it for half a minute */
const SHOWN = 2000;

/** Any text as the model sees it: cut into tokens, each with its number. */
export function TokenPane() {
  const tokens = useLab((state) => state.corpus.tokens);
  const text = useLab((state) => state.corpus.tokenText);
  const ready = useLab((state) => state.corpus.summary !== null);
  const tokenise = useLab((state) => state.corpus.tokenise);
  const [draft, setDraft] = useDebounced(text, (next) => void tokenise(next));
  return (
    <Card title="Token view" note={tokens.length > 0 ? countOf(tokens.length, 'token') : 'as the model sees it'}>
      <TextField label="Text to cut into tokens" rows={3} story disabled={!ready} value={draft} onChange={setDraft} />
      <ScrollBox label="Tokens">
        <ol className={styles.tokenList}>
          {keyed(tokens.slice(0, SHOWN), (token) => String(token.id)).map(({ key, item: token }) => (
            <li key={key} className={styles.token} style={{ background: tokenTint(token.id) }}>
              <span className={styles.tokenText}>{visibleToken(token.text)}</span>
              <span className={styles.tokenId}>{token.id}</span>
            </li>
          ))}
        </ol>
        {tokens.length > SHOWN && (
          <p className={styles.rest}>{`The first ${inWords(SHOWN)} of ${inWords(tokens.length)} tokens stand here.`}</p>
        )}
      </ScrollBox>
    </Card>
  );
}
