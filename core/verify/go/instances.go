package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// A guest is the module under test, compiled.
type guest struct {
	plan      *plan
	runtime   wazero.Runtime
	compiled  wazero.CompiledModule
	providers []wazero.CompiledModule
}

// A refusal is a reason why the scenario cannot be run, worded for the user.
type refusal struct {
	kind, message string
	path          []any
}

func (r *refusal) Error() string { return r.message }

// everything switches all features of wazero on, experimental ones, too, whatever this version calls them.
const everything = ^api.CoreFeatures(0)

// load compiles the module and what it imports; with experimental features only where the module needs them.
func load(ctx context.Context, p *plan, folder string) (*guest, error) {
	features := api.CoreFeaturesV2
	if p.Threads {
		features |= experimental.CoreFeaturesThreads
	}
	g, err := loadWith(ctx, p, folder, features)
	if err != nil && strings.Contains(err.Error(), "is disabled") {
		if other, failed := loadWith(ctx, p, folder, everything); failed == nil {
			return other, nil
		}
	}
	return g, err
}

func loadWith(ctx context.Context, p *plan, folder string, features api.CoreFeatures) (*guest, error) {
	config := wazero.NewRuntimeConfigInterpreter()
	switch p.Mode {
	case "compiler":
		config = wazero.NewRuntimeConfigCompiler()
	case "watched":
		// The compiler where there is one: the accesses are Go code in either.
		config = wazero.NewRuntimeConfig()
	}
	config = config.WithCoreFeatures(features)
	g := &guest{plan: p, runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if err := defineHosts(ctx, g.runtime, p.Hosts); err != nil {
		return nil, &refusal{kind: "imports", message: oneLine(err)}
	}
	if err := defineSites(ctx, g.runtime); err != nil {
		return nil, &refusal{kind: "imports", message: oneLine(err)}
	}
	for _, one := range p.Providers {
		compiled, err := g.compile(ctx, filepath.Join(folder, one.Wasm))
		if err != nil {
			return nil, &refusal{kind: "imports", message: fmt.Sprintf("imports of %s: %s", one.Name, oneLine(err))}
		}
		g.providers = append(g.providers, compiled)
	}
	compiled, err := g.compile(ctx, filepath.Join(folder, p.Wasm))
	if err != nil {
		return nil, &refusal{kind: "invalid-module", message: "wazero does not accept the module: " + oneLine(err)}
	}
	g.compiled = compiled
	return g, nil
}

func (g *guest) compile(ctx context.Context, path string) (wazero.CompiledModule, error) {
	wasm, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return g.runtime.CompileModule(ctx, wasm)
}

// A set has the instances of one round, set up.
type set struct {
	instances []api.Module
	provided  []api.Module
	// names are the results of the setup, by instance.
	names []map[string]value
}

// fresh makes the instances of a round and sets them up.
func (g *guest) fresh(ctx context.Context) (*set, error) {
	s := &set{}
	if err := g.fill(ctx, s); err != nil {
		s.close(ctx)
		return nil, err
	}
	return s, nil
}

func (g *guest) fill(ctx context.Context, s *set) error {
	p := g.plan
	settingUp.Store(true)
	defer settingUp.Store(false)
	for i := 0; i < p.Instances; i++ {
		var own []api.Module
		for k, one := range p.Providers {
			if one.Common && i > 0 {
				continue
			}
			made, err := g.runtime.InstantiateModule(ctx, g.providers[k], wazero.NewModuleConfig().WithName(one.Name))
			if err != nil {
				return &refusal{kind: "imports", message: fmt.Sprintf("imports of %s: %s", one.Name, oneLine(err))}
			}
			s.provided = append(s.provided, made)
			if !one.Common {
				own = append(own, made)
			}
		}
		made, err := g.runtime.InstantiateModule(ctx, g.compiled, moduleConfig(p))
		// Its name is free for that of the next instance; what it defines lives on.
		for _, one := range own {
			_ = one.Close(ctx)
		}
		if err != nil {
			return &refusal{kind: "setup", message: "the module cannot be instantiated: " + trapText(err)}
		}
		s.instances = append(s.instances, made)
		s.names = append(s.names, map[string]value{})
	}
	for i, text := range p.Stacks {
		if err := setGlobal(s.instances[i], p.StackGlobal, text); err != nil {
			return err
		}
	}
	return g.setUp(ctx, s)
}

func (g *guest) setUp(ctx context.Context, s *set) error {
	performers := make([]*performer, len(s.instances))
	for i, mod := range s.instances {
		performers[i] = newPerformer(ctx, i, mod, nil)
	}
	for i := range g.plan.Before {
		before := &g.plan.Before[i]
		for _, instance := range before.Instances {
			text := performers[instance].perform(&before.Step)
			path := []any{before.Part, before.Index}
			if strings.HasPrefix(text, "trap: ") && text != "trap: exit(0)" {
				message := fmt.Sprintf("%s ended with a %s before the callers start", before.Step.Text, text)
				return &refusal{kind: "setup", message: message, path: path}
			}
			if rest, failed := strings.CutPrefix(text, fails); failed {
				message := rest + " does not hold after the setup steps before it"
				return &refusal{kind: "setup", message: message, path: path}
			}
		}
	}
	for i, one := range performers {
		for name, v := range performers[0].names {
			s.names[i][name] = v
		}
		for name, v := range one.names {
			s.names[i][name] = v
		}
	}
	return nil
}

func (s *set) close(ctx context.Context) {
	for _, one := range s.instances {
		_ = one.Close(ctx)
	}
	for _, one := range s.provided {
		_ = one.Close(ctx)
	}
}
