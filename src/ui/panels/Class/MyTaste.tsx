import { useEffect, useState } from 'react';
import type { ClassChoice } from '../../../contract/classroom';
import type { TasteWeight } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import type { StudentClass } from '../../../store/state';
import { Say } from '../../primitives/Say';
import { WeightBars } from '../Compare/WeightBars';
import { tasteSentence } from './words';

type Answer = { weights: TasteWeight[] | null } | { trouble: string };

/** What these votes say about the voter, in words and as bars. */
export function MyTaste({ student: { set, choices } }: { student: StudentClass }) {
  const ask = useLab((state) => state.teaching.ask);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let isWanted = true;
    const mine = choices.map((choice): ClassChoice => choice ?? 'none');
    ask('class/tastes', { pairs: set.pairs, choices: [mine] }).then(
      ([weights = null]) => isWanted && setAnswer({ weights }),
      (error: Error) => isWanted && setAnswer({ trouble: error.message }),
    );
    return () => {
      isWanted = false;
    };
  }, [ask, set, choices]);
  if (!answer) return <p>Reading your votes…</p>;
  if ('trouble' in answer) return <Say tone="bad">{answer.trouble}</Say>;
  return (
    <>
      <Say>{tasteSentence(answer.weights, 'You seem')}</Say>
      {answer.weights && <WeightBars weights={answer.weights} compact />}
    </>
  );
}
