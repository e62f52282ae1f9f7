import fc from 'fast-check'

/** Each run of the tests tries the same examples, so that what passes once passes again; `PROPERTY_SEED` tries others. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_260) })
