/** The driver finds the state of instances by reflection, and says what a wazero of another shape does not have. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GO_ENV, goMissing, goModule, type WazeroVersion } from '../../core/wrap/go/testing/goModule.ts';
import { ran } from '../../core/wrap/testing/tools.ts';
import { driverFiles } from './driverFiles.ts';

const TEST = `package main

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// One i32 global, a memory of one page.
var testedModule = []byte{0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 1, 6, 6, 1, 0x7f, 1, 0x41, 0, 0x0b}

func TestInstance(t *testing.T) {
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	instance, err := r.Instantiate(ctx, testedModule)
	if err != nil {
		t.Fatal(err)
	}
	regions, missing := regionsOf([]api.Module{instance})
	if len(missing) != 0 {
		t.Fatal(missing)
	}
	view, _ := instance.Memory().Read(0, 1)
	at := uint64(reflect.ValueOf(view).Pointer())
	found := map[string]bool{}
	for _, one := range regions {
		found[one.Kind] = true
		if one.Kind == "memory" && (one.Start != at || one.End < at+65536) {
			t.Errorf("the memory is at %x, not at %+v", at, one)
		}
	}
	for _, kind := range []string{"memory", "memory.grow", "global", "host"} {
		if !found[kind] {
			t.Errorf("no %s in %+v", kind, regions)
		}
	}
}

// other has one of the fields with another type, one with nothing behind it, and not the others.
type other struct {
	api.Module
	Globals int
	Tables  []*struct{ References []uintptr }
}

func TestOtherShape(t *testing.T) {
	regions, missing := regionsOf([]api.Module{&other{Tables: make([]*struct{ References []uintptr }, 1)}, nil})
	for _, name := range []string{"main.other.Globals", "main.other.MemoryInstance", "main.other.Engine"} {
		if !strings.Contains(strings.Join(missing, " "), name) {
			t.Errorf("%s is not told: %q", name, missing)
		}
	}
	for _, one := range regions {
		if one.Kind != "host" {
			t.Errorf("found %+v", one)
		}
	}
}
`;

const VERSIONS: readonly WazeroVersion[] = ['newest', 'oldest'];
for (const version of VERSIONS)
  describe(`the state of instances of the ${version} wazero`, { skip: goMissing(version) }, () => {
    const folder = goModule(version);
    test('is found, and what is missing is told', () => {
      const driver = join(folder, 'driver');
      mkdirSync(driver);
      for (const [name, text] of Object.entries(driverFiles())) writeFileSync(join(driver, name), text);
      writeFileSync(join(driver, 'regions_test.go'), TEST);
      ran('go', ['vet', './driver'], { cwd: folder, env: GO_ENV });
      ran('go', ['test', './driver'], { cwd: folder, env: GO_ENV });
    });
  });
