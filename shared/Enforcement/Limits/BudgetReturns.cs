using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Proofgate.Enforcement.Limits;

/// <summary>Gives back each minute what this instance has leased and does not use, so that others can; and all of it when the instance ends.</summary>
internal sealed class BudgetReturns(Admission admission, TimeProvider time, ILogger<BudgetReturns> log) : BackgroundService
{
    internal static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LastTime = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var last = new CancellationTokenSource(LastTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(last.Token, cancellationToken);
        await ReturnAsync(all: true, either.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ReturnAsync(all: false, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task ReturnAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            await admission.Budgets.ReturnAsync(all, cancellationToken);
        }
        catch (BudgetUnavailableException failure)
        {
            log.BudgetsNotReturned(failure);
        }
        catch (OperationCanceledException) when (all)
        {
            // What is lost on the way is not spent; the next day begins anew.
        }
    }
}
