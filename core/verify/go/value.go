package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A value is what a named result or an expression has: *big.Int, float64, string (text that was read), or nil (a null
// reference).
type value any

// shownBytes is how many bytes of a longer content are compared byte by byte; of the others a hash is.
const shownBytes = 256

// wrap gives an integer the 64 bits that integers of expressions have, with a sign.
func wrap(v *big.Int) *big.Int {
	low := new(big.Int).And(v, maxUint64)
	if low.Bit(63) == 1 {
		low.Sub(low, twoTo64)
	}
	return low
}

// unsigned gives the 64 bits of an integer without a sign.
func unsigned(v *big.Int) *big.Int { return new(big.Int).And(v, maxUint64) }

var (
	twoTo64   = new(big.Int).Lsh(big.NewInt(1), 64)
	maxUint64 = new(big.Int).Sub(twoTo64, big.NewInt(1))
)

// bitsOf returns the lowest 64 bits of an integer.
func bitsOf(v *big.Int) uint64 { return unsigned(v).Uint64() }

// integer returns a value as an integer; an error where it is none.
func integer(v value) (*big.Int, error) {
	switch one := v.(type) {
	case *big.Int:
		return one, nil
	case float64:
		if one == math.Trunc(one) && !math.IsInf(one, 0) {
			whole, _ := new(big.Float).SetFloat64(one).Int(nil)
			return whole, nil
		}
		return nil, fmt.Errorf("%s is used where an integer is needed", scriptNumber(one))
	case string:
		return nil, errors.New("text is used where an integer is needed")
	}
	return nil, errors.New("null is used where an integer is needed")
}

// float returns a value as a float; an error where it is none.
func float(v value) (float64, error) {
	switch one := v.(type) {
	case *big.Int:
		return bigToFloat(one), nil
	case float64:
		return one, nil
	}
	return 0, errors.New("text is used where a number is needed")
}

func bigToFloat(v *big.Int) float64 {
	f, _ := new(big.Float).SetInt(v).Float64()
	return f
}

// isTrue says whether an expectation with that value holds: everything but zero, null and empty text.
func isTrue(v value) bool {
	switch one := v.(type) {
	case *big.Int:
		return one.Sign() != 0
	case float64:
		return one != 0 && !math.IsNaN(one)
	case string:
		return one != ""
	}
	return false
}

func truth(holds bool) value {
	if holds {
		return big.NewInt(1)
	}
	return new(big.Int)
}

// scriptNumber writes a float as JavaScript's String does, since outcomes are compared with those of exploration.
func scriptNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	case f < 0:
		return "-" + scriptNumber(-f)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	power, _ := strconv.Atoi(exponent)
	count, point := len(digits), power+1
	switch {
	case count <= point && point <= 21:
		return digits + strings.Repeat("0", point-count)
	case 0 < point && point <= 21:
		return digits[:point] + "." + digits[point:]
	case -6 < point && point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	}
	sign := "+"
	if power < 0 {
		sign, power = "-", -power
	}
	if count > 1 {
		digits = digits[:1] + "." + digits[1:]
	}
	return digits + "e" + sign + strconv.Itoa(power)
}

// numberText writes a float as outcomes have it.
func numberText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f == 0 && math.Signbit(f):
		return "-0"
	}
	return scriptNumber(f)
}

// typedValue reads a value from the 64 bits that wazero has of it.
func typedValue(kind string, bits uint64) value {
	switch kind {
	case "i32":
		return big.NewInt(int64(int32(uint32(bits))))
	case "i64":
		return big.NewInt(int64(bits))
	case "f32":
		return float64(math.Float32frombits(uint32(bits)))
	case "f64":
		return math.Float64frombits(bits)
	}
	return nil
}

// typedText writes a value of a WebAssembly type as outcomes have it. References are only told from null.
func typedText(kind string, bits uint64) string {
	switch v := typedValue(kind, bits).(type) {
	case *big.Int:
		return v.String()
	case float64:
		return numberText(v)
	}
	if bits == 0 {
		return "null"
	}
	return "reference 1"
}

// typedBits gives a value the type of a parameter; integers wrap.
func typedBits(kind string, v value) (uint64, error) {
	switch kind {
	case "i32", "i64":
		whole, err := integer(v)
		if err != nil {
			return 0, err
		}
		if kind == "i32" {
			return uint64(uint32(bitsOf(whole))), nil
		}
		return bitsOf(whole), nil
	case "f32", "f64":
		number, err := float(v)
		if err != nil {
			return 0, err
		}
		if kind == "f32" {
			return uint64(math.Float32bits(float32(number))), nil
		}
		return math.Float64bits(number), nil
	}
	return 0, nil // A reference, which can only be null.
}

// contentValue is the value that a name gets for bytes that were read as text or as bytes.
func contentValue(kind string, read []byte) value {
	if kind == "bytes" {
		return "0x" + hexText(read)
	}
	if !utf8.Valid(read) {
		return "not UTF-8: 0x" + hexText(read)
	}
	return string(read)
}

func hexText(content []byte) string {
	if len(content) <= shownBytes {
		return hex.EncodeToString(content)
	}
	hash := fnv.New64a()
	_, _ = hash.Write(content)
	return fmt.Sprintf("%s... (%d bytes, hash %x)", hex.EncodeToString(content[:32]), len(content), hash.Sum64())
}
