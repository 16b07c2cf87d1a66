using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Proofgate.Benchmarks.Data;
using Proofgate.Benchmarks.Hub;
using Proofgate.Benchmarks.Ledger;
using Proofgate.Benchmarks.Load;
using Proofgate.Benchmarks.Micro;
using Proofgate.Benchmarks.Redaction;

// dotnet run -c Release --project tests/Benchmarks -- load     requests: direct, through YARP, Portkey and Proofgate
// dotnet run -c Release --project tests/Benchmarks -- pace     what is added to the first and to each later event of a stream
// dotnet run -c Release --project tests/Benchmarks -- ledger   the audit log: appending, acknowledging, verifying, a flood of refusals
// dotnet run -c Release --project tests/Benchmarks -- hub      what the local hub takes, durable
// dotnet run -c Release --project tests/Benchmarks -- redaction   how much text one core redacts
// dotnet run -c Release --project tests/Benchmarks -- data     rows of a dataset: by the bare driver, through Proofgate
// dotnet run -c Release --project tests/Benchmarks -- micro    the hot parts, by BenchmarkDotNet (its own options follow)
switch (args.FirstOrDefault())
{
    case "load":
        return await LoadRun.RunAsync(LoadOptions.Read(args[1..]));
    case "pace":
        return await PaceRun.RunAsync(LoadOptions.Read(args[1..]));
    case "ledger":
        return await LedgerRun.RunAsync(LedgerRunOptions.Read(args[1..]));
    case "hub":
        return await HubRun.RunAsync(args[1..]);
    case "data":
        return await DataRun.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 200_000);
    case "redaction":
        return await RedactionRun.RunAsync();
    case "upstream":
        return await FastUpstream.RunAsync(TimeSpan.FromMilliseconds(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0));
    case "yarp":
        return await BareYarp.RunAsync(new Uri(args[1]));
    case "rows":
        return await BareRows.RunAsync(args[1]);
    case "micro":
        // In this process: BenchmarkDotNet would look for a project by the assembly's name.
        BenchmarkSwitcher.FromAssembly(typeof(LoadRun).Assembly).Run(
            args[1..].Length > 0 ? args[1..] : ["--filter", "*"],
            DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(5), logOutput: true)).WithIterationCount(15)));
        return await PeerProofs.RunAsync() + await PeerDecisions.RunAsync();
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- load [--rounds 5] [--seconds 3] [--connections 1,32,256] | pace [the same] | ledger [--events 10000] [--seconds 3] [--only verify] | hub [--seconds 3] | data [rows] | redaction | micro [BenchmarkDotNet options]");
        return 2;
}
