using Proofgate.SelfHost;

return await SelfHostRun.RunAsync(args);
