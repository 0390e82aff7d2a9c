import { Component, type ReactNode } from 'react';
import { LabError } from '../../contract/errors';
import { renewParts } from '../parts';
import { Button } from '../primitives/Button';
import { EmptyState } from '../primitives/EmptyState';

interface ErrorBoundaryProps {
  /** a new key is a new try */
  children: ReactNode;
  /** where the words stand when the place itself is gone: a drawer's */
  frame?: (words: ReactNode) => ReactNode;
}

/** no mistake in it, but a network that went away */
const isMissing = (error: Error): boolean => error instanceof LabError && error.code === 'page/partMissing';

/** A mistake in drawing one stage leaves the rest of the page, and all stored work, alone. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const { frame = (words) => words } = this.props;
    return frame(isMissing(error) ? <Missing onAgain={this.again} /> : <Mistake error={error} onAgain={this.again} />);
  }

  private again = () => void renewParts().then(() => this.setState({ error: null }));
}

function Missing({ onAgain }: { onAgain: () => void }) {
  return (
    <EmptyState title="This part of the page is not here yet" action={<Button onClick={onAgain}>Try again</Button>}>
      <p>The connection was lost before it was loaded. What runs goes on, and your work is stored.</p>
      <p>Try again when the network is back. Do not reload the page before.</p>
    </EmptyState>
  );
}

function Mistake({ error, onAgain }: { error: Error; onAgain: () => void }) {
  return (
    <EmptyState title="This stage could not be drawn" action={<Button onClick={onAgain}>Try again</Button>}>
      <p>That is a mistake in the lab, not yours: {error.message}</p>
      <p>Votes, curves and models are stored. If it happens again, reload the page.</p>
    </EmptyState>
  );
}
