using Microsoft.Extensions.Hosting;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>Compiles the detector rules while the host starts: nothing before the first text needs them, and nothing waits here.</summary>
internal sealed class RulePreparation : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(RuleSet.Default.Prepare, stoppingToken);
}
