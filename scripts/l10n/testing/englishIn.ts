/** Finds English in what a Chinese reader is shown: words that no name, instruction or program has. */

/** Names are in backticks; paths through functions, instructions and offsets stay as they are. */
const NOT_WORDS = /`[^`]*`|\b[\w$]+(?:[._:/-]+[\w$]+)+\b|[A-Za-z_$][\w$]*(?: -> [\w$]+)+|\w*\[[^\]]*\)?/g;

/** Words that English sentences are made of, and that no interface of a host is called. */
const ENGLISH =
  /\b(?:a|about|all|an|and|any|are|as|at|be|because|between|but|by|calls|can|concurrent|conflicts?|each|exports?|for|found|from|functions?|grows?|has|have|if|in|instances|is|it|its|itself|keeps?|may|more|no|not|of|on|only|or|other|parameters?|reads?|same|static|that|the|their|they|this|through|to|unknown|used?|when|where|which|while|with|without|writes?)\b/;

/** The first English word of a text in Chinese; undefined where there is none. */
export const englishIn = (text: string): string | undefined => ENGLISH.exec(text.replaceAll(NOT_WORDS, ''))?.[0];
