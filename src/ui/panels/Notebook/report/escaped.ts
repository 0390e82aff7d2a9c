/** @returns text as it stands between tags and in attributes: nothing that anybody wrote is ever markup */
export const escaped = (text: string): string =>
  text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ');
