/** Text in HTML and in SVG, and data inside of a page. */
import { escapedPoint, replaceUnseen } from './invisible.ts';
import { jsonText } from './json.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&quot;',
};

/** Text of an element or of a quoted attribute, in HTML and in XML, which has no control characters at all. */
export const htmlText = (text: string): string =>
  replaceUnseen(text, escapedPoint).replace(/[<>&'"]/g, (character) => ENTITIES[character]);

/** JSON in which no text ends the element that holds it, or begins another one. */
export const jsonInHtml = (data: unknown): string =>
  jsonText(data).replace(/[<>&]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
