/** what build/sources.ts makes of the files that metrics and formulas name: path below src → text */
declare module 'virtual:sources' {
  const SOURCES: Readonly<Record<string, string>>;
  export default SOURCES;
}
