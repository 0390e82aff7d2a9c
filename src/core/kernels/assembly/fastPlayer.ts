/**
 * The module of fast arithmetic: products may also be added with one rounding. Apart, because an engine that does not
 * know the instruction takes nothing of such a module.
 */
export * from './player';
