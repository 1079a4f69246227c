/**
 * Short texts of the editor that are not Markdown and yet not plain: notifications have links, labels have icons.
 *
 * Sources: `parseLinkedText` and `renderLabelWithIcons` of VS Code.
 */
import { escapedPoint, replaceUnseen } from './invisible.ts';

/**
 * A notification, or what it says of its progress. It renders `[text](command:...)` as a link, which runs the command, even
 * where the workspace is not trusted.
 */
export const noticeText = (text: string): string => titleText(text).replaceAll('](', '] (');

/** A label of a list, a test, a code lens or the status bar, where `$(name)` is an icon. Applying it twice changes nothing. */
export const labelText = (text: string): string => titleText(text).replace(/(?<!\\)\$\((?=[a-z0-9~-]+\))/gi, '\\$&');

/** A title, a tooltip, a placeholder: shown as it is, on one line. */
export const titleText = (text: string): string => replaceUnseen(text.replace(/\s+/g, ' '), escapedPoint);
