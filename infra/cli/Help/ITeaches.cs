namespace Proofgate.Cli.Help;

/// <summary>A command whose help has a lesson.</summary>
internal interface ITeaches
{
    Lesson Lesson { get; }
}
