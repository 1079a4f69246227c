/**
 * Every instruction of WebAssembly 3.0 and of the threads, relaxed SIMD, wide-arithmetic and legacy
 * exception proposals, one a row: the single source of truth for decoding, printing and analysis.
 *
 *     opcode mnemonic immediates operands>results [access [width]]
 *
 * - opcode: hex byte, or `prefix:sub-opcode`;
 * - mnemonic: as in the current text format (`select`, `ref.test` and `ref.cast` have two opcodes);
 * - immediates: a key of `Imm` in instructions.ts, `-` for none;
 * - types: i i32, l i64, f f32, d f64, v v128, r a reference, a an address or size of the memory,
 *   t an index or size of the table, x one value whose type depends on immediates or context,
 *   `*` a number of values that depends on them;
 * - access: a key of `Access` in instructions.ts, and the bytes touched where that is fixed.
 *
 * Source: https://webassembly.github.io/spec/core/appendix/index-instructions.html, and for 0x06,
 * 0x07, 0x09, 0x18, 0x19 the legacy exception handling proposal.
 */
import { ATOMIC_ROWS } from './instructionTable.atomic.ts';
import { SIMD_ROWS } from './instructionTable.simd.ts';

const CORE_ROWS = `
00 unreachable - >
01 nop - >
02 block BlockType *>*
03 loop BlockType *>*
04 if BlockType *i>*
05 else - *>*
06 try BlockType *>*
07 catch Tag *>*
08 throw Tag *>
09 rethrow Label >
0a throw_ref - r>
0b end - *>*
0c br Label *>
0d br_if Label *i>*
0e br_table BrTable *i>
0f return - *>
10 call Func *>* Call
11 call_indirect TypeUse *t>* CallIndirect
12 return_call Func *> Call
13 return_call_indirect TypeUse *t> CallIndirect
14 call_ref Type *r>* CallRef
15 return_call_ref Type *r> CallRef
18 delegate Label *>*
19 catch_all - *>*
1a drop - x>
1b select - xxi>x
1c select SelectTypes xxi>x
1f try_table TryTable *>*
20 local.get Local >x
21 local.set Local x>
22 local.tee Local x>x
23 global.get Global >x GlobalGet
24 global.set Global x> GlobalSet
25 table.get Table t>r TableGet
26 table.set Table tr> TableSet
28 i32.load Memarg a>i Load 4
29 i64.load Memarg a>l Load 8
2a f32.load Memarg a>f Load 4
2b f64.load Memarg a>d Load 8
2c i32.load8_s Memarg a>i Load 1
2d i32.load8_u Memarg a>i Load 1
2e i32.load16_s Memarg a>i Load 2
2f i32.load16_u Memarg a>i Load 2
30 i64.load8_s Memarg a>l Load 1
31 i64.load8_u Memarg a>l Load 1
32 i64.load16_s Memarg a>l Load 2
33 i64.load16_u Memarg a>l Load 2
34 i64.load32_s Memarg a>l Load 4
35 i64.load32_u Memarg a>l Load 4
36 i32.store Memarg ai> Store 4
37 i64.store Memarg al> Store 8
38 f32.store Memarg af> Store 4
39 f64.store Memarg ad> Store 8
3a i32.store8 Memarg ai> Store 1
3b i32.store16 Memarg ai> Store 2
3c i64.store8 Memarg al> Store 1
3d i64.store16 Memarg al> Store 2
3e i64.store32 Memarg al> Store 4
3f memory.size Memory >a MemorySize
40 memory.grow Memory a>a MemoryGrow
41 i32.const I32 >i
42 i64.const I64 >l
43 f32.const F32 >f
44 f64.const F64 >d
45 i32.eqz - i>i
46 i32.eq - ii>i
47 i32.ne - ii>i
48 i32.lt_s - ii>i
49 i32.lt_u - ii>i
4a i32.gt_s - ii>i
4b i32.gt_u - ii>i
4c i32.le_s - ii>i
4d i32.le_u - ii>i
4e i32.ge_s - ii>i
4f i32.ge_u - ii>i
50 i64.eqz - l>i
51 i64.eq - ll>i
52 i64.ne - ll>i
53 i64.lt_s - ll>i
54 i64.lt_u - ll>i
55 i64.gt_s - ll>i
56 i64.gt_u - ll>i
57 i64.le_s - ll>i
58 i64.le_u - ll>i
59 i64.ge_s - ll>i
5a i64.ge_u - ll>i
5b f32.eq - ff>i
5c f32.ne - ff>i
5d f32.lt - ff>i
5e f32.gt - ff>i
5f f32.le - ff>i
60 f32.ge - ff>i
61 f64.eq - dd>i
62 f64.ne - dd>i
63 f64.lt - dd>i
64 f64.gt - dd>i
65 f64.le - dd>i
66 f64.ge - dd>i
67 i32.clz - i>i
68 i32.ctz - i>i
69 i32.popcnt - i>i
6a i32.add - ii>i
6b i32.sub - ii>i
6c i32.mul - ii>i
6d i32.div_s - ii>i
6e i32.div_u - ii>i
6f i32.rem_s - ii>i
70 i32.rem_u - ii>i
71 i32.and - ii>i
72 i32.or - ii>i
73 i32.xor - ii>i
74 i32.shl - ii>i
75 i32.shr_s - ii>i
76 i32.shr_u - ii>i
77 i32.rotl - ii>i
78 i32.rotr - ii>i
79 i64.clz - l>l
7a i64.ctz - l>l
7b i64.popcnt - l>l
7c i64.add - ll>l
7d i64.sub - ll>l
7e i64.mul - ll>l
7f i64.div_s - ll>l
80 i64.div_u - ll>l
81 i64.rem_s - ll>l
82 i64.rem_u - ll>l
83 i64.and - ll>l
84 i64.or - ll>l
85 i64.xor - ll>l
86 i64.shl - ll>l
87 i64.shr_s - ll>l
88 i64.shr_u - ll>l
89 i64.rotl - ll>l
8a i64.rotr - ll>l
8b f32.abs - f>f
8c f32.neg - f>f
8d f32.ceil - f>f
8e f32.floor - f>f
8f f32.trunc - f>f
90 f32.nearest - f>f
91 f32.sqrt - f>f
92 f32.add - ff>f
93 f32.sub - ff>f
94 f32.mul - ff>f
95 f32.div - ff>f
96 f32.min - ff>f
97 f32.max - ff>f
98 f32.copysign - ff>f
99 f64.abs - d>d
9a f64.neg - d>d
9b f64.ceil - d>d
9c f64.floor - d>d
9d f64.trunc - d>d
9e f64.nearest - d>d
9f f64.sqrt - d>d
a0 f64.add - dd>d
a1 f64.sub - dd>d
a2 f64.mul - dd>d
a3 f64.div - dd>d
a4 f64.min - dd>d
a5 f64.max - dd>d
a6 f64.copysign - dd>d
a7 i32.wrap_i64 - l>i
a8 i32.trunc_f32_s - f>i
a9 i32.trunc_f32_u - f>i
aa i32.trunc_f64_s - d>i
ab i32.trunc_f64_u - d>i
ac i64.extend_i32_s - i>l
ad i64.extend_i32_u - i>l
ae i64.trunc_f32_s - f>l
af i64.trunc_f32_u - f>l
b0 i64.trunc_f64_s - d>l
b1 i64.trunc_f64_u - d>l
b2 f32.convert_i32_s - i>f
b3 f32.convert_i32_u - i>f
b4 f32.convert_i64_s - l>f
b5 f32.convert_i64_u - l>f
b6 f32.demote_f64 - d>f
b7 f64.convert_i32_s - i>d
b8 f64.convert_i32_u - i>d
b9 f64.convert_i64_s - l>d
ba f64.convert_i64_u - l>d
bb f64.promote_f32 - f>d
bc i32.reinterpret_f32 - f>i
bd i64.reinterpret_f64 - d>l
be f32.reinterpret_i32 - i>f
bf f64.reinterpret_i64 - l>d
c0 i32.extend8_s - i>i
c1 i32.extend16_s - i>i
c2 i64.extend8_s - l>l
c3 i64.extend16_s - l>l
c4 i64.extend32_s - l>l
d0 ref.null HeapType >r
d1 ref.is_null - r>i
d2 ref.func Func >r RefFunc
d3 ref.eq - rr>i
d4 ref.as_non_null - r>r
d5 br_on_null Label *r>*
d6 br_on_non_null Label *r>*
`;

/** Structs, arrays, i31 and casts (prefix 0xfb). */
const GC_ROWS = `
fb:00 struct.new Type *>r
fb:01 struct.new_default Type >r
fb:02 struct.get TypeField r>x HeapRead
fb:03 struct.get_s TypeField r>i HeapRead
fb:04 struct.get_u TypeField r>i HeapRead
fb:05 struct.set TypeField rx> HeapWrite
fb:06 array.new Type xi>r
fb:07 array.new_default Type i>r
fb:08 array.new_fixed TypeCount *>r
fb:09 array.new_data TypeData ii>r
fb:0a array.new_elem TypeElem ii>r
fb:0b array.get Type ri>x HeapRead
fb:0c array.get_s Type ri>i HeapRead
fb:0d array.get_u Type ri>i HeapRead
fb:0e array.set Type rix> HeapWrite
fb:0f array.len - r>i
fb:10 array.fill Type rixi> HeapWrite
fb:11 array.copy TypeType ririi> HeapWrite
fb:12 array.init_data TypeData riii> HeapWrite
fb:13 array.init_elem TypeElem riii> HeapWrite
fb:14 ref.test HeapType r>i
fb:15 ref.test HeapType r>i
fb:16 ref.cast HeapType r>r
fb:17 ref.cast HeapType r>r
fb:18 br_on_cast BrOnCast *r>*
fb:19 br_on_cast_fail BrOnCast *r>*
fb:1a any.convert_extern - r>r
fb:1b extern.convert_any - r>r
fb:1c ref.i31 - i>r
fb:1d i31.get_s - r>i
fb:1e i31.get_u - r>i
`;

/** Saturating truncation, bulk memory and tables, wide arithmetic (prefix 0xfc). */
const MISC_ROWS = `
fc:00 i32.trunc_sat_f32_s - f>i
fc:01 i32.trunc_sat_f32_u - f>i
fc:02 i32.trunc_sat_f64_s - d>i
fc:03 i32.trunc_sat_f64_u - d>i
fc:04 i64.trunc_sat_f32_s - f>l
fc:05 i64.trunc_sat_f32_u - f>l
fc:06 i64.trunc_sat_f64_s - d>l
fc:07 i64.trunc_sat_f64_u - d>l
fc:08 memory.init DataMemory aii> MemoryInit
fc:09 data.drop Data > DataDrop
fc:0a memory.copy MemoryMemory aaa> MemoryCopy
fc:0b memory.fill Memory aia> MemoryFill
fc:0c table.init ElemTable tii> TableInit
fc:0d elem.drop Elem > ElemDrop
fc:0e table.copy TableTable ttt> TableCopy
fc:0f table.grow Table rt>t TableGrow
fc:10 table.size Table >t TableSize
fc:11 table.fill Table trt> TableFill
fc:13 i64.add128 - llll>ll
fc:14 i64.sub128 - llll>ll
fc:15 i64.mul_wide_s - ll>ll
fc:16 i64.mul_wide_u - ll>ll
`;

/** All rows, in order of opcode. */
export const INSTRUCTION_ROWS: readonly string[] = [CORE_ROWS, GC_ROWS, MISC_ROWS, SIMD_ROWS, ATOMIC_ROWS]
  .join('')
  .split('\n')
  .filter((row) => row !== '');
