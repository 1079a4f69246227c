// Package experimental stands for wazero's package of that name.
package experimental

import "github.com/tetratelabs/wazero/api"

const CoreFeaturesThreads = api.CoreFeatureSIMD << 1
