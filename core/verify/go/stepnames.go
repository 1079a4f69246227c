package main

// A caller makes each of its steps in a function that says which one it is, by its number modulo how many functions there
// are: race reports name it.
var atStep = []func(c *caller, i int){
	step0, step1, step2, step3, step4, step5, step6, step7,
	step8, step9, step10, step11, step12, step13, step14, step15,
}

func (c *caller) step(i int) { c.results = append(c.results, c.perform(&c.steps[i])) }

//go:noinline
func step0(c *caller, i int) { c.step(i) }

//go:noinline
func step1(c *caller, i int) { c.step(i) }

//go:noinline
func step2(c *caller, i int) { c.step(i) }

//go:noinline
func step3(c *caller, i int) { c.step(i) }

//go:noinline
func step4(c *caller, i int) { c.step(i) }

//go:noinline
func step5(c *caller, i int) { c.step(i) }

//go:noinline
func step6(c *caller, i int) { c.step(i) }

//go:noinline
func step7(c *caller, i int) { c.step(i) }

//go:noinline
func step8(c *caller, i int) { c.step(i) }

//go:noinline
func step9(c *caller, i int) { c.step(i) }

//go:noinline
func step10(c *caller, i int) { c.step(i) }

//go:noinline
func step11(c *caller, i int) { c.step(i) }

//go:noinline
func step12(c *caller, i int) { c.step(i) }

//go:noinline
func step13(c *caller, i int) { c.step(i) }

//go:noinline
func step14(c *caller, i int) { c.step(i) }

//go:noinline
func step15(c *caller, i int) { c.step(i) }
