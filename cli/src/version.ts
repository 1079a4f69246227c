/** Version of the program; a test holds it against package.json, which a bundle does not carry. */
export const VERSION = '0.1.0';
