// Package sys stands for wazero's package of that name.
package sys

import "fmt"

type ExitError struct{ exitCode uint32 }

func NewExitError(exitCode uint32) *ExitError { return &ExitError{exitCode: exitCode} }

func (e *ExitError) ExitCode() uint32 { return e.exitCode }

func (e *ExitError) Error() string {
	return fmt.Sprintf("module closed with exit_code(%d)", e.exitCode)
}
