// The configuration is missing.
throw new Error("no configuration");
