import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detectHost } from './detect.ts';

const GO_WAZERO = `module example.com/service

go 1.23

require github.com/tetratelabs/wazero v1.9.0
`;
const one = (path: string, text: string) => detectHost([{ path, text }]);

describe('detectHost', () => {
  it('knows nothing without manifests', () => {
    assert.equal(detectHost([]), undefined);
    assert.equal(one('README.md', 'We use github.com/tetratelabs/wazero and wasmtime.'), undefined);
    assert.equal(one('go.mod', ''), undefined);
    assert.equal(one('go.mod', 'module example.com/x\n\ngo 1.23\n'), undefined);
  });

  describe('go.mod', () => {
    it('finds wazero', () => {
      assert.deepEqual(one('go.mod', GO_WAZERO), {
        host: 'wazero',
        reason: 'go.mod requires github.com/tetratelabs/wazero',
      });
    });

    it('finds the others, with major versions', () => {
      const required = (name: string) => one('go.mod', `module m\n\nrequire (\n\t${name} v1.0.0\n)\n`)?.host;
      assert.equal(required('github.com/extism/go-sdk'), 'extism');
      assert.equal(required('github.com/extism/go-pdk'), 'extism');
      assert.equal(required('github.com/bytecodealliance/wasmtime-go/v25'), 'wasmtime-c-api');
      assert.equal(required('github.com/wasmerio/wasmer-go'), 'wasmer');
      assert.equal(required('github.com/second-state/WasmEdge-go'), 'wasmedge');
      assert.equal(required('github.com/bytecodealliance/wasm-micro-runtime/language-bindings/go'), 'wamr');
      assert.equal(required('"github.com/tetratelabs/wazero"'), 'wazero');
      assert.equal(required('github.com/tetratelabs/wazero-fork'), undefined);
    });

    it('prefers Extism to the wazero below it, direct or not', () => {
      const text =
        'require (\n\tgithub.com/extism/go-sdk v1.7.0\n\tgithub.com/tetratelabs/wazero v1.9.0 // indirect\n)\n';
      assert.deepEqual(one('go.mod', text), { host: 'extism', reason: 'go.mod requires github.com/extism/go-sdk' });
      assert.equal(one('go.mod', text.replace(' // indirect', ''))?.host, 'extism');
    });

    it('takes an indirect requirement where there is nothing better', () => {
      assert.deepEqual(one('go.mod', 'require github.com/tetratelabs/wazero v1.9.0 // indirect\n'), {
        host: 'wazero',
        reason: 'go.mod requires github.com/tetratelabs/wazero (indirect)',
      });
    });

    it('reads comments as comments, and only require directives', () => {
      assert.equal(one('go.mod', '// require github.com/tetratelabs/wazero v1.9.0\n'), undefined);
      assert.equal(one('go.mod', 'require (\n\t// github.com/tetratelabs/wazero v1.9.0\n)\n'), undefined);
      assert.equal(one('go.mod', 'exclude github.com/tetratelabs/wazero v1.8.0\n'), undefined);
      assert.equal(one('go.mod', 'replace (\n\tgithub.com/tetratelabs/wazero => ../wazero\n)\n'), undefined);
      assert.equal(one('go.mod', 'require github.com/tetratelabs/wazero v1.9.0 // pinned\r\n')?.host, 'wazero');
    });
  });

  describe('Cargo.toml', () => {
    const cargo = (text: string) => one('Cargo.toml', text);

    it('finds runtimes in every way to write a dependency', () => {
      assert.deepEqual(cargo('[dependencies]\nwasmtime = "25"\n'), {
        host: 'wasmtime',
        reason: 'Cargo.toml depends on wasmtime',
      });
      assert.equal(cargo('[dependencies.wasmer]\nversion = "5"\n')?.host, 'wasmer');
      assert.equal(cargo('[dependencies]\nwasmer.workspace = true\n')?.host, 'wasmer');
      assert.equal(cargo('[workspace.dependencies]\n"extism" = { version = "1" }\n')?.host, 'extism');
      assert.equal(cargo("[target.'cfg(unix)'.dependencies]\nwamr-rust-sdk = '1'\n")?.host, 'wamr');
      assert.equal(cargo('[dependencies]\nwasmedge-sdk = "0.14"\n')?.host, 'wasmedge');
      assert.equal(cargo('[dependencies]\nwasm-bindgen = "0.2"\n')?.host, 'javascript');
    });

    it('goes by the package name of a renamed crate', () => {
      assert.equal(cargo('[dependencies]\nengine = { version = "25", package = "wasmtime" }\n')?.host, 'wasmtime');
      assert.equal(cargo('[dependencies.engine]\npackage = "wasmer" # for now\n')?.host, 'wasmer');
      assert.equal(cargo('[dependencies]\nwasmtime = { package = "my-mock" }\n'), undefined);
    });

    it('prefers wasi-threads and Extism to the runtime below', () => {
      assert.equal(cargo('[dependencies]\nwasmtime = "25"\nwasmtime-wasi-threads = "25"\n')?.host, 'wasi-threads');
      assert.equal(cargo('[dependencies]\nwasmtime = "25"\nextism = "1"\n')?.host, 'extism');
    });

    it('gives development and build dependencies less weight', () => {
      const text = '[dev-dependencies]\nwasmtime = "25"\n\n[dependencies]\nwasmer = "5"\n';
      assert.equal(cargo(text)?.host, 'wasmer');
      assert.deepEqual(cargo('[dev-dependencies]\nwasmtime = "25"\n'), {
        host: 'wasmtime',
        reason: 'Cargo.toml depends on wasmtime (development)',
      });
      assert.equal(cargo('[build-dependencies]\nwasmtime = "25"\n')?.reason, 'Cargo.toml depends on wasmtime (build)');
    });

    it('reads comments as comments and other tables as other tables', () => {
      assert.equal(cargo('[dependencies]\n# wasmtime = "25"\nserde = "1" # not wasmtime = "25"\n'), undefined);
      assert.equal(cargo('[features]\nwasmtime = []\n'), undefined);
      assert.equal(cargo('[dependencies]\nserde = "1"\n[[bin]]\nwasmtime = "x"\n'), undefined);
      assert.equal(cargo('[dependencies]\nnote = "a # b"\nwasmer = "5"\n')?.host, 'wasmer');
    });

    it('survives text that is no TOML', () => {
      assert.equal(cargo('[[[\n= = =\n"unclosed\n[dependencies\nwasmtime\n'), undefined);
    });
  });

  describe('package.json', () => {
    it('makes a JavaScript project', () => {
      assert.deepEqual(one('package.json', '{"name":"app"}'), {
        host: 'javascript',
        reason: 'package.json makes this a JavaScript project',
      });
    });

    it('finds Extism, also among development dependencies', () => {
      assert.equal(one('package.json', '{"dependencies":{"@extism/extism":"2"}}')?.host, 'extism');
      assert.deepEqual(one('package.json', '{"devDependencies":{"@extism/extism":"2"}}'), {
        host: 'extism',
        reason: 'package.json depends on @extism/extism (development)',
      });
    });

    it('says nothing when malformed', () => {
      for (const text of ['', '{', 'null', '[]', '"wazero"', '{"dependencies": {"@extism/extism": "2"},}']) {
        assert.equal(one('package.json', text), undefined, text);
      }
      assert.equal(one('package.json', '{"dependencies":["@extism/extism"]}')?.host, 'javascript');
      assert.equal(one('package.json', '{"dependencies":null,"devDependencies":3}')?.host, 'javascript');
    });
  });

  describe('C and C++', () => {
    it('finds WAMR in CMakeLists.txt and in sources', () => {
      assert.deepEqual(one('CMakeLists.txt', 'set(WAMR_ROOT_DIR deps/wamr)\n'), {
        host: 'wamr',
        reason: 'CMakeLists.txt builds with wasm-micro-runtime',
      });
      assert.equal(one('CMakeLists.txt', '# set(WAMR_ROOT_DIR deps)\nproject(x)\n'), undefined);
      assert.deepEqual(one('src/main.c', '#include <stdio.h>\n  # include "wasm_export.h"\n'), {
        host: 'wamr',
        reason: 'src/main.c includes wasm_export.h',
      });
      assert.equal(one('src/main.c', '// see wasm_export.h\n'), undefined);
    });

    it('finds the C APIs of the others', () => {
      assert.equal(one('a.c', '#include <wasmtime.h>\n')?.host, 'wasmtime-c-api');
      assert.equal(one('a.cpp', '#include <wasmtime/store.hh>\n')?.host, 'wasmtime-c-api');
      assert.deepEqual(one('CMakeLists.txt', 'find_package(Wasmtime REQUIRED)\n'), {
        host: 'wasmtime-c-api',
        reason: 'CMakeLists.txt builds with wasmtime',
      });
      assert.equal(one('a.c', '#include <wasmer.h>\n')?.host, 'wasmer');
      assert.equal(one('a.c', '#include <wasmedge/wasmedge.h>\n')?.host, 'wasmedge');
      assert.equal(
        one('CMakeLists.txt', 'target_link_libraries(app wasmedge)\n')?.reason,
        'CMakeLists.txt builds with WasmEdge',
      );
      assert.equal(one('a.c', '#include <extism.h>\n')?.host, 'extism');
    });
  });

  describe('Python', () => {
    it('finds a package among requirements, whatever its version and spelling', () => {
      assert.deepEqual(
        one('requirements.txt', '# runtime\nnumpy\nWasmtime[testing]==25.0 ; python_version > "3.9"\n'),
        {
          host: 'wasmtime-py',
          reason: 'requirements.txt requires wasmtime',
        },
      );
      for (const text of ['# wasmtime\n', '-r wasmtime.txt\n', 'wasmtime-extras\n', 'numpy # wasmtime\n'])
        assert.equal(one('requirements.txt', text), undefined, text);
    });

    it('finds it in a pyproject.toml, in lists and in the tables of Poetry', () => {
      const project = (text: string) => one('pyproject.toml', text);
      assert.deepEqual(project('[project]\ndependencies = [\n  "numpy", # fast\n  "wasmtime >= 25",\n]\n'), {
        host: 'wasmtime-py',
        reason: 'pyproject.toml depends on wasmtime',
      });
      assert.equal(project('[project]\ndependencies = ["wasmtime"]\n')?.host, 'wasmtime-py');
      assert.equal(
        project('[project.optional-dependencies]\nall = ["wasmtime"]\n')?.reason,
        'pyproject.toml depends on wasmtime (development)',
      );
      assert.equal(project('[dependency-groups]\ntest = [\n"pytest",\n"wasmtime"]\n')?.host, 'wasmtime-py');
      assert.equal(project('[tool.poetry.dependencies]\nwasmtime = "^25"\n')?.host, 'wasmtime-py');
      assert.equal(
        project('[tool.poetry.group.dev.dependencies]\nwasmtime = "*"\n')?.reason,
        'pyproject.toml depends on wasmtime (development)',
      );
    });

    it('reads other lists and tables as such', () => {
      for (const text of [
        '[project]\nkeywords = ["wasmtime"]\n',
        '[project]\nname = "wasmtime"\n',
        '[project]\ndependencies = ["numpy"]\nclassifiers = ["wasmtime"]\n',
        '[tool.other]\ndependencies = ["wasmtime"]\n',
        '[project]\ndependencies = [\n  # "wasmtime",\n]\n',
        '[[[\n= [\n"wasmtime',
      ])
        assert.equal(one('pyproject.toml', text), undefined, text);
    });
  });

  describe('.NET', () => {
    it('finds a package that a project references', () => {
      const project = (line: string) => one('App.csproj', `<Project>\n<ItemGroup>\n${line}\n</ItemGroup>\n</Project>`);
      assert.deepEqual(project('<PackageReference Include="Wasmtime" Version="22.0.0" />'), {
        host: 'wasmtime-c-api',
        reason: 'App.csproj references Wasmtime',
      });
      assert.equal(project('<PackageReference Version="22" Include="wasmtime"/>')?.host, 'wasmtime-c-api');
      assert.equal(project('<!-- <PackageReference Include="Wasmtime" /> -->'), undefined);
      assert.equal(project('<PackageReference Include="NotWasmtime" />'), undefined);
    });
  });

  describe('several files', () => {
    const npm = { path: 'package.json', text: '{"devDependencies":{"typescript":"5"}}' };
    const cargo = { path: 'Cargo.toml', text: '[dependencies]\nwasmtime = "25"\n' };
    const go = { path: 'go.mod', text: GO_WAZERO };
    const answer = (...files: { path: string; text: string }[]) => {
      const found = detectHost(files);
      // The answer must not depend on the order in which the files were found.
      assert.deepEqual(detectHost([...files].reverse()), found);
      return found;
    };

    it('puts go.mod first, then Cargo.toml, and package.json last', () => {
      assert.equal(answer(npm, cargo, go)?.host, 'wazero');
      assert.equal(answer(npm, cargo)?.host, 'wasmtime');
      assert.equal(answer(npm)?.host, 'javascript');
      const extism = { path: 'package.json', text: '{"dependencies":{"@extism/extism":"2"}}' };
      assert.equal(answer(extism, go)?.host, 'wazero');
    });

    it('takes any named library before the mere presence of a package.json', () => {
      const indirect = { path: 'tools/go.mod', text: 'require github.com/tetratelabs/wazero v1.9.0 // indirect\n' };
      assert.equal(answer(npm, indirect)?.host, 'wazero');
    });

    it('takes a direct dependency before an indirect one of a stronger kind', () => {
      const indirect = { path: 'go.mod', text: 'require github.com/tetratelabs/wazero v1.9.0 // indirect\n' };
      assert.equal(answer(cargo, indirect)?.host, 'wasmtime');
    });

    it('takes the manifest nearest to the root, then the first path', () => {
      const deep = { path: 'services/a/go.mod', text: 'require github.com/wasmerio/wasmer-go v1.0.4\n' };
      assert.equal(answer(deep, go)?.host, 'wazero');
      const b = { path: 'services/b/go.mod', text: GO_WAZERO };
      assert.equal(answer(deep, b)?.reason, 'services/a/go.mod requires github.com/wasmerio/wasmer-go');
    });

    it('reads Windows paths and skips the manifests of dependencies', () => {
      assert.equal(answer({ path: 'server\\go.mod', text: GO_WAZERO })?.reason.split(' ')[0], 'server/go.mod');
      assert.equal(answer({ path: 'node_modules/x/package.json', text: '{}' }), undefined);
      assert.equal(answer({ path: 'vendor/x/go.mod', text: GO_WAZERO }), undefined);
    });
  });
});
