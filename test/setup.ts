// The template validator costs two seconds a synth: one dedicated test and CI's synth run with it, the others without.
process.env.CDK_VALIDATION ??= 'false';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
