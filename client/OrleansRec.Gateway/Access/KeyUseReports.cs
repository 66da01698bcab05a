using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansRec.Gateway;

/// <summary>Tells the key rings now and then which keys were used, so that no request has to.</summary>
internal sealed partial class KeyUseReports(AccessKeys keys, TimeProvider time, ILogger<KeyUseReports> log) : BackgroundService
{
    /// <summary>How coarse a key's last use is known.</summary>
    public static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReportPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.ReportUses(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The store cannot write now; keys that are used again are in the next report.
                ReportsLater(e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The last uses of keys will be reported later.")]
    private partial void ReportsLater(Exception reason);
}
