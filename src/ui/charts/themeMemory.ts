/**
 * What the theme says and how large its type is, until they change: to ask anew for every line would have the page work
 * out its styles, and lay itself out, every time.
 */
const said = { theme: '', words: new Map<string, string>(), rem: 0 };

export function remembered(): typeof said {
  const { theme = '', size = '' } = document.documentElement.dataset;
  if (said.theme !== `${theme} ${size}`) forget();
  said.theme = `${theme} ${size}`;
  return said;
}

function forget(): void {
  said.words.clear();
  said.rem = 0;
}

window.addEventListener('resize', forget); // type may be as large as the window says
