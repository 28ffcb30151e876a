/** What an engine has to say of its host, where nobody asked. */

/** Says it on the console, where the host has one. */
export const say = (text: string): void => {
  const { console } = globalThis as { readonly console?: { readonly warn: (text: string) => void } }
  console?.warn(`tikhonov: ${text}`)
}
