using System.Buffers;
using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;
using OrleansRec.Model.Companions;

namespace OrleansRec.Grains.Training;

/// <summary>Builds the models beside the factors of a version and stores them; a part of one item shard's preparation of the version.</summary>
/// <remarks>
/// What it is built from is frozen: the histories by the training's watermarks, the factors by its last sweep. So an attempt that is prepared again stores the same bytes, as long as the shop does not change its items
/// or what it says of users meanwhile. A shard that cannot be reached fails the preparation, as it does elsewhere in a training; what the mathematics refuses leaves the version without companion, because a list of the factors alone is better than none.
/// </remarks>
/// <param name="grains">To reach the shards.</param>
/// <param name="solver">Runs on the compute pool.</param>
/// <param name="catalogue">What the shop says of its items.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="options">Its bounds.</param>
/// <param name="logger">Where trouble is told.</param>
internal sealed partial class CompanionWork(TenantGrains grains, SideSolver solver, CatalogueCopy catalogue, ILogStore store, TrainingOptions options, ILogger logger)
{
    private const int PieceBytes = 1 << 20;

    private readonly VersionReader _reader = new(grains);

    /// <summary>Builds and stores the companion of an attempt.</summary>
    public async Task Build(long version, int attempt, int sweep, CompanionCommand command, CancellationToken stop)
    {
        if (options.CompanionEventsMax == 0)
            return;
        AlsOptions als = command.Plan.ToOptions();
        string[] ids = await _reader.Ids(version, attempt, command.ItemRows, stop);
        float[] factors = await _reader.Factors(version, attempt, sweep, als.Width, command.ItemRows, stop);
        ShopHistories histories = await _reader.Histories(ids, command, options.CompanionEventsMax, stop);
        await catalogue.Refresh(grains.Factory, stop);
        var source = new CompanionSource
        {
            Version = version, Attempt = attempt, Als = als, ItemFactors = factors, Gram = command.Gram, GlobalMean = command.GlobalMean, HeldOutShare = command.Plan.HeldOut?.Share ?? 0,
            Histories = histories, Features = catalogue.Features(ids), AtMs = command.AtMs,
            Sequence = command.Plan.ToSequence() is { } of ? new(of with { Epochs = Math.Max(1, command.SequenceChosen) }, command.Plan.Sequence!.IsAlone) : null, Step = stop.ThrowIfCancellationRequested,
        };
        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            await solver.Each(1, (_, _) => CompanionCoding.Write(CompanionBuilder.Build(source), bytes), stop);
        }
        catch (Exception reason) when (reason is ArgumentException or ArithmeticException or InvalidOperationException or IndexOutOfRangeException)
        {
            LogNotBuilt(version, reason);
            return;
        }
        await VersionStore.Write(store, LogStreams.Companion(grains.Tenant, version), attempt, Pieces(bytes.WrittenMemory), stop);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += PieceBytes)
            yield return bytes.Slice(at, Math.Min(PieceBytes, bytes.Length - at));
    }

    [LoggerMessage(LogLevel.Error, "Version {Version} will have no models beside its factors: they could not be built.")]
    private partial void LogNotBuilt(long version, Exception reason);
}
