/**
 * The text of `scheme:/path/x.wasm` is the read-only document `wasm-hazards:/path/x.wasm`; the query holds the
 * original scheme and authority, so that the original URI can be restored exactly.
 */
export const TEXT_SCHEME = 'wasm-hazards';

const URI = /^([A-Za-z][\w+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/;

/** URI of the text document that shows the binary at `binaryUri`. */
export function textUriOf(binaryUri: string): string {
  const [, scheme = '', authority, path = '', query] = URI.exec(binaryUri) ?? [];
  if (scheme === TEXT_SCHEME) return binaryUri;
  if (scheme === 'file' && !authority && !query) return `${TEXT_SCHEME}:${path}`;
  const origin = encodeURIComponent(`${scheme}:${authorityText(authority)}${query ? `?${query}` : ''}`);
  return `${TEXT_SCHEME}:${path}?${origin}`;
}

/** URI of the binary that the text document at `textUri` shows. */
export function binaryUriOf(textUri: string): string {
  const [, scheme = '', , path = '', query] = URI.exec(textUri) ?? [];
  if (scheme !== TEXT_SCHEME) return textUri;
  if (!query) return `file://${path}`;
  // VS Code's own URI class may encode the query once more.
  let origin = decodeURIComponent(query);
  if (/^[\w+.-]+%3A/i.test(origin)) origin = decodeURIComponent(origin);
  const [, originScheme = 'file', authority, , originQuery] = URI.exec(origin) ?? [];
  return `${originScheme}:${authorityText(authority)}${path}${originQuery ? `?${originQuery}` : ''}`;
}

/** `//` and the authority, which may be empty; nothing of a URI without one, such as `memfs:/x.wasm`. */
const authorityText = (authority: string | undefined): string => (authority === undefined ? '' : `//${authority}`);
