import { Component, type ReactNode } from 'react';
import { Button } from '../primitives/Button';
import { EmptyState } from '../primitives/EmptyState';

interface ErrorBoundaryProps {
  /** a new key is a new try */
  children: ReactNode;
}

/** A mistake in drawing one stage leaves the rest of the page, and all stored work, alone. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyState title="This stage could not be drawn" action={<Button onClick={() => this.setState({ error: null })}>Try again</Button>}>
        <p>That is a mistake in the lab, not yours: {error.message}</p>
        <p>Votes, curves and models are stored. If it happens again, reload the page.</p>
      </EmptyState>
    );
  }
}
