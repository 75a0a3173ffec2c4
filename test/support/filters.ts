/** Replaces what varies from run to run, so that output can be compared as a snapshot. */

/** `[HOME]` for the temporary folder, `[HASH]` for hashes; further pairs as given. */
export function filtered(
  text: string,
  what: { readonly home: string; readonly more?: readonly (readonly [RegExp, string])[] },
): string {
  let result = text
    .replaceAll(what.home, '[HOME]')
    .replace(/0x[0-9a-f]{64}\b/g, '[HASH]')
    .replace(/genesis 0x[0-9a-f]{8}…[0-9a-f]{8}/g, 'genesis [HASH]')
  for (const [pattern, replacement] of what.more ?? []) {
    result = result.replace(pattern, replacement)
  }
  return result
}
