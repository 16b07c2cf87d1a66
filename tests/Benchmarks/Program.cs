using BenchmarkDotNet.Running;
using Proofgate.Benchmarks.Load;

// dotnet run -c Release --project tests/Benchmarks -- load     requests: direct, through YARP, through Proofgate
// dotnet run -c Release --project tests/Benchmarks -- micro    the hot parts, by BenchmarkDotNet (its own options follow)
switch (args.FirstOrDefault())
{
    case "load":
        return await LoadRun.RunAsync(LoadOptions.Read(args[1..]));
    case "upstream":
        return await FastUpstream.RunAsync();
    case "yarp":
        return await BareYarp.RunAsync(new Uri(args[1]));
    case "micro":
        BenchmarkSwitcher.FromAssembly(typeof(LoadRun).Assembly).Run(args[1..].Length > 0 ? args[1..] : ["--filter", "*"]);
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- load [--rounds 5] [--seconds 3] [--connections 1,32] | micro [BenchmarkDotNet options]");
        return 2;
}
