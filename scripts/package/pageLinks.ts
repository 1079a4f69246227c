/** Links of pages that the Marketplace and VS Code show on their own, away from the repository. */

/** Endings of files that are shown, not opened. */
const PICTURE = /\.(png|svg|gif|jpe?g|webp)$/i;

/**
 * `page`, in Markdown, with links to files of the repository at `homepage` in place of relative ones. Fenced code, anchors
 * within the page and complete addresses stay.
 */
export function withAbsoluteLinks(page: string, homepage: string): string {
  const absolute = (target: string): string => {
    if (/^([a-z][a-z\d+.-]*:|#|\/\/)/i.test(target)) return target;
    const path = target.replace(/#.*$/, '');
    const kind = PICTURE.test(path) ? 'raw' : 'blob';
    return new URL(target, `${homepage}/${kind}/HEAD/`).href;
  };
  return page
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part
            .replace(/(\]\()([^)\s]+)(?=[)\s])/g, (_, before: string, target: string) => before + absolute(target))
            .replace(
              /((?:src|srcset|href)=")([^"]+)/g,
              (_, before: string, target: string) => before + absolute(target),
            ),
    )
    .join('');
}
