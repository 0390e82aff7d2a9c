import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Toasts } from '../../src/ui/primitives/Notices';
import { useRootMark } from '../../src/ui/primitives/useRootMark';

const marks = () => document.documentElement.dataset;

function Voting({ isThere = true }: { isThere?: boolean }) {
  useRootMark('voting', isThere);
  return null;
}

it('marks the root while one of those that ask for it is there', () => {
  const one = render(<Voting />);
  const other = render(<Voting />);
  expect(marks().voting).toBeDefined();
  one.unmount();
  expect(marks().voting, 'the other is still there').toBeDefined();
  other.rerender(<Voting isThere={false} />);
  expect(marks().voting).toBeUndefined();
  other.rerender(<Voting />);
  expect(marks().voting).toBeDefined();
  other.unmount();
  expect(marks().voting).toBeUndefined();
});

it('says that a message stands at the foot, for as long as one does', () => {
  const of = (texts: string[]) => (
    <Toasts toasts={texts.map((text) => ({ toastId: text, text, action: null }))} onAct={() => undefined} />
  );
  const { rerender } = render(of([]));
  expect(marks().message).toBeUndefined();
  rerender(of(['a', 'b']));
  expect(marks().message).toBeDefined();
  rerender(of(['b']));
  expect(marks().message).toBeDefined();
  rerender(of([]));
  expect(marks().message).toBeUndefined();
});
