using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Orleans;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Model;

namespace OrleansRec.Silo.Storage;

/// <summary>Measures the data folder now and then, and says when its disk will be full.</summary>
internal sealed partial class DiskWatch : BackgroundService, IDiskReport
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(5);
    private static readonly Meter meter = new("OrleansRec.Storage");

    private readonly DataFolder _folder;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<DiskWatch> _logger;
    private volatile DiskInfo? _last;

    public DiskWatch(DataFolder folder, IGrainFactory grains, TimeProvider time, ILogger<DiskWatch> logger)
    {
        (_folder, _grains, _time, _logger) = (folder, grains, time, logger);
        meter.CreateObservableGauge("orleansrec.store.size", () => Measured(d => d.Bytes), "By", "What the data folder takes.");
        meter.CreateObservableGauge("orleansrec.store.free", () => Measured(d => d.FreeBytes), "By", "What is free on its disk.");
        meter.CreateObservableGauge("orleansrec.store.growth", () => Measured(d => d.BytesPerDay), "By/d", "How much it grows in a day.");
        meter.CreateObservableGauge("orleansrec.store.days_left", () => Measured(d => d.DaysLeft), "d", "Until the disk is full at that rate.");
    }

    public DiskInfo? Last => _last;

    /// <summary>Looks now.</summary>
    public async Task<DiskInfo> Look(CancellationToken cancellation)
    {
        long bytes = new DirectoryInfo(_folder.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);
        long free = new DriveInfo(_folder.Path).AvailableFreeSpace;
        StoreGrowth growth = await _grains.Growth().Note(new(_time.GetUtcNow().ToUnixTimeMilliseconds(), bytes), cancellation).ConfigureAwait(false);
        DiskForecast? forecast = DiskForecast.Of(growth.ToSamples(), free);
        return _last = new(bytes, free, forecast?.BytesPerDay, forecast?.DaysLeft);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookPeriod, _time);
        do
        {
            try
            {
                await Look(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception reason) when (!stoppingToken.IsCancellationRequested)
            {
                // A store that cannot be written is told of by its probe; the next look tries again.
                LooksLater(_logger, reason);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>Files come and go while a folder is read.</summary>
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private IEnumerable<Measurement<double>> Measured(Func<DiskInfo, double?> figure) =>
        _last is { } disk && figure(disk) is { } value ? [new Measurement<double>(value)] : [];

    [LoggerMessage(LogLevel.Warning, "The size of the data folder could not be noted.")]
    private static partial void LooksLater(ILogger logger, Exception reason);
}
