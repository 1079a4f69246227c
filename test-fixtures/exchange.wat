;; A request and its response are two calls of one exchange. Each call is atomic, so no call by itself can go wrong and
;; there is no data race. But there is one place for the exchange in progress: between its request and its response, a caller must
;; keep the others out. exchange.stress.json has two exchanges for each of two callers; each expects the response to its
;; own request. Another caller may come between two exchanges, not between a request and its response.

;; expect: handle_request none
;; expect: handle_response none
;; no-conflict: handle_request handle_request
;; no-conflict: handle_request handle_response
(module $exchange
  (memory (import "env" "memory") 1 1 shared)

  ;; 1024: the exchange in progress.
  (func (export "handle_request") (param $id i32)
    (i32.atomic.store (i32.const 1024) (local.get $id)))

  (func (export "handle_response") (result i32)
    (i32.atomic.load (i32.const 1024))))
