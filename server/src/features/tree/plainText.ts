/** Sentences of the analysis quote names in backticks, which plain text shows as they are. */

/** The text without the backticks of quotations. */
export const plainText = (text: string): string => text.replaceAll('`', '');
