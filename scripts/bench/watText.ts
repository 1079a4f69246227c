/** Source texts for the benchmark, as people and compilers write them, with a given number of lines. */

/** Ten lines; each tenth of them is exported. */
const folded = (
  n: number,
): string => `  (func $add_${n}${n % 10 === 0 ? ` (export "add_${n}")` : ''} (param $by i32) (result i32)
    (local $old i32)
    (local.set $old (i32.load offset=${4 * (n % 1000)} (i32.const 1024)))
    (i32.store offset=${4 * (n % 1000)} (i32.const 1024)
      (i32.add (local.get $old) (local.get $by)))
    (if (i32.eqz (local.get $by))
      (then (global.set $total (i32.add (global.get $total) (i32.const 1))))
      (else (drop (call $scale_${n} (local.get $old)))))
    (local.get $old)
  )
`;

/** Ten lines. */
const flat = (n: number): string => `  (func $scale_${n} (param i32) (result i32)
    block $done (result i32)
      local.get 0
      local.get 0
      i32.const ${n}
      i32.mul ;; a comment
      br_if $done
      drop
      i32.const ${n % 7}
    end)
`;

/** A module of about `lines` lines that compiles. */
export function watText(lines: number): string {
  const parts = ['(module\n  (memory (export "memory") 2 16)\n  (global $total (mut i32) (i32.const 0))\n'];
  for (let n = 0; n < Math.max(1, Math.round((lines - 4) / 20)); n++) parts.push(folded(n), flat(n));
  parts.push(')\n');
  return parts.join('');
}
