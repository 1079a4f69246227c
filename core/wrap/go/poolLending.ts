/** Go, wazero: how a pool lends out instances, gets them back, and closes. */

import { goDoc } from './doc.ts';
import type { HolderParts } from './holder.ts';

/** `Do`, `Get` and `Put`. */
export function lending(parts: HolderParts): string {
  const { names, start } = parts;
  const { pool, instance } = names;
  const prefix = names.package;
  const first = start.call('').includes('first') ? ', false' : '';
  const [received, given, back] = start.threads
    ? ['t := <-p.free', `${first}, t`, 't']
    : ['<-p.free', first, 'struct{}{}'];
  return `${goDoc(
    'Do runs f with exclusive use of an instance, and returns the error of f. Make all calls that belong together in one f. f must not keep the instance.',
    'A Do inside of f, or of a host function, needs a second instance: if all are lent, and in a pool of size 1 always, it waits until its context is done.',
  )}
func (p *${pool}) Do(ctx context.Context, f func(*${instance}) error) error {
	i, err := p.Get(ctx)
	if err != nil {
		return err
	}
	finished := false
	defer func() {
		// f panicked: the state of the instance is unknown.
		if !finished {
			i.Discard()
		}
		p.Put(i)
	}()
	err = f(i)
	finished = true
	return err
}

${goDoc('Get waits for an instance until ctx is done. Return it with Put. Do calls both.')}
func (p *${pool}) Get(ctx context.Context) (*${instance}, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("${prefix}: %w", err)
	}
	select {
	case <-p.done:
		return nil, ${names.error('Closed')}
	default:
	}
	for {
		i := p.spare.Swap(nil)
		if i == nil {
			var err error
			if i, err = p.next(ctx); err != nil {
				return nil, err
			}
		}
		// Somebody may use an instance that is not lent.
		if i.usable() {
			i.lent = true
			return i, nil
		}
		i.retire()
	}
}

${goDoc('next prefers an instance that exists.')}
func (p *${pool}) next(ctx context.Context) (*${instance}, error) {
	// Whoever puts an instance into spare looks at waiting afterwards, so that one of the two sees the other.
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	if i := p.spare.Swap(nil); i != nil {
		return i, nil
	}
	select {
	case i := <-p.idle:
		return i, nil
	default:
	}
	select {
	case i := <-p.idle:
		return i, nil
	case ${received}:
		i, err := p.instantiate(ctx${given})
		if err != nil {
			p.free <- ${back}
			return nil, fmt.Errorf("${prefix}: %w", err)
		}
		return i, nil
	case <-p.done:
		return nil, ${names.error('Closed')}
	case <-ctx.Done():
		return nil, fmt.Errorf("${prefix}: %w", ctx.Err())
	}
}

${goDoc(
  `Put returns an instance to the pool; call it once for each Get. An instance on which a call did not finish is closed instead. Put panics if the pool has not lent the instance.`,
)}
func (p *${pool}) Put(i *${instance}) {
	if i.pool != p || !i.lent {
		panic("${prefix}: Put of an instance that the pool has not lent")
	}
	i.lent = false
	switch {
	case !i.usable():
		i.retire()
	case p.waiting.Load() > 0 || !p.spare.CompareAndSwap(nil, i):
		p.idle <- i
	case p.waiting.Load() > 0:
		// Somebody began to wait meanwhile.
		if i := p.spare.Swap(nil); i != nil {
			p.idle <- i
		}
	}
}

${goDoc('usable says whether the instance can be given to a caller.')}
func (i *${instance}) usable() bool {
	return !i.broken.Load() && i.state.Load() == ${names.local('idle')}
}
`;
}

/** `Close`. */
export function closing({ names, ownRuntime }: HolderParts): string {
  const { pool, package: prefix } = names;
  return `${goDoc(
    'Close makes Get and Do fail, waits until every instance has been returned, and closes them. An instance is never closed while it is lent: if ctx is done first, Close returns an error that wraps ctx.Err(), and can be called again. It does not look at ctx if there is nothing to wait for.',
  )}
func (p *${pool}) Close(ctx context.Context) error {
	p.stop.Do(func() {
		close(p.done)
		// From now on, instances come back through the channel.
		p.waiting.Add(1)
		if i := p.spare.Swap(nil); i != nil {
			p.idle <- i
		}
	})
	select {
	case p.closing <- struct{}{}:
	default:
		select {
		case p.closing <- struct{}{}:
		case <-ctx.Done():
			return fmt.Errorf("${prefix}: %w", ctx.Err())
		}
	}
	defer func() { <-p.closing }()
	for p.returned < cap(p.free) {
		select {
		case i := <-p.idle:
			i.retire()
			continue
		case <-p.free:
			p.returned++
			continue
		default:
		}
		select {
		case i := <-p.idle:
			i.retire()
		case <-p.free:
			p.returned++
		case <-ctx.Done():
			return fmt.Errorf("${prefix}: %w", ctx.Err())
		}
	}
	if p.closed {
		return nil
	}
	p.closed = true
	if err := p.closeRuntime(ctx); err != nil {
		return fmt.Errorf("${prefix}: %w", err)
	}
	return nil
}

func (p *${pool}) closeRuntime(ctx context.Context) error {
${
  ownRuntime
    ? `	if p.cache == nil {
		return nil
	}
	return p.cache.Close(ctx)
`
    : '	return p.runtime.Close(ctx)\n'
}}
`;
}
