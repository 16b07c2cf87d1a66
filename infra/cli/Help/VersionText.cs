using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Proofgate.Cli.Help;

/// <summary>Prints this program's version, whatever process it runs in.</summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    private static string Version { get; } =
        typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"proofgate {Version}");
        return ExitCode.Done.Value;
    }
}
