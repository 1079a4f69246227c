/** Kinds of entries, and languages: the ones of which the reader knows what they mean. */

/** Kinds of debugging information entries. */
export const EntryTag = {
  array_type: 0x01,
  class_type: 0x02,
  enumeration_type: 0x04,
  member: 0x0d,
  pointer_type: 0x0f,
  reference_type: 0x10,
  structure_type: 0x13,
  typedef: 0x16,
  union_type: 0x17,
  inheritance: 0x1c,
  inlined_subroutine: 0x1d,
  module: 0x1e,
  subrange_type: 0x21,
  base_type: 0x24,
  const_type: 0x26,
  subprogram: 0x2e,
  variable: 0x34,
  volatile_type: 0x35,
  restrict_type: 0x37,
  namespace: 0x39,
  unspecified_type: 0x3b,
  rvalue_reference_type: 0x42,
  atomic_type: 0x47,
} as const;

/** Source languages whose names are written in another way than those of C. */
export const SourceLanguage = {
  cPlusPlus: 0x04,
  go: 0x16,
  cPlusPlus11: 0x1a,
  rust: 0x1c,
  cPlusPlus14: 0x21,
  zig: 0x27,
  cPlusPlus17: 0x2b,
  cPlusPlus20: 0x2c,
} as const;
