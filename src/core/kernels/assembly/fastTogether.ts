/** Fast arithmetic on memory that threads share. */
export * from './together';
