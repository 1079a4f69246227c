const std = @import("std");
var hits: u32 = 0;
const Slot = struct { id: u16, pair: [2]u8 };
var slots: [4]Slot = undefined;
threadlocal var mine: i32 = 5;
fn twice(x: u32) u32 { return x * 2; }
export fn bump(by: u32) u32 {
    hits += twice(by);
    slots[by & 3].id +%= 1;
    slots[by & 3].pair[1] = 3;
    mine += 1;
    return hits;
}
