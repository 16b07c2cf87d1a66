using Proofgate.Cli;

return await CommandLine.RunAsync(args, CliHost.OfProcess(), CancellationToken.None);
