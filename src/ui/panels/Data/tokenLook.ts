const TINTS = ['policy', 'reward', 'value', 'gold', 'rejected', 'reference'] as const;

/** The same token has the same tint wherever it stands; the tint means nothing else. */
export function tokenTint(id: number): string {
  // Knuth's multiplicative hash: neighbours in the vocabulary get different tints
  const tint = TINTS[(Math.imul(id, 0x9e3779b1) >>> 16) % TINTS.length];
  return `color-mix(in srgb, var(--${tint}) 16%, transparent)`;
}

/** White space that is part of a token is made visible, so that no token looks empty. */
export function visibleToken(text: string): string {
  if (text === '') return '∅';
  return text
    .replace(/\r?\n/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}
