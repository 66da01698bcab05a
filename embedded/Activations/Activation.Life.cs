using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>How an activation begins and ends.</summary>
internal sealed partial class Activation
{
    private async Task Activate()
    {
        try
        {
            using var timeout = new CancellationTokenSource(Silo.Options.ActivationTimeout, Silo.Clock);
            _scope = Silo.Services.CreateAsyncScope();
            GrainInstance = Class.Create(this);
            foreach (var state in _states ?? [])
                await state.Read(timeout.Token);
            await ((IGrainBase)GrainInstance).OnActivateAsync(timeout.Token);
            _stage = ActivationStage.Ready;
        }
        catch (Exception failure)
        {
            Silo.Log.ActivationFailed(this, failure);
            await Close();
            foreach (var call in Gone())
            {
                Leave(call);
                call.Reject(failure);
            }
            return;
        }
        if (_endReason is not null)
            TryEnd();
        else
            QueuePump();
    }

    private void RequestEnd(DeactivationReason reason)
    {
        if (_endReason is not null || _stage >= ActivationStage.Ending)
            return;
        _endReason = reason;
        TryEnd();
    }

    private void TryEnd()
    {
        if (_stage is ActivationStage.New)
            Gone();
        else if (_stage is ActivationStage.Ready && _gate.Running == 0)
        {
            _stage = ActivationStage.Ending;
            Turns.RunNow(static self => _ = ((Activation)self!).End(), this);
        }
    }

    private async Task End()
    {
        try
        {
            using var timeout = new CancellationTokenSource(Silo.Options.DeactivationTimeout, Silo.Clock);
            await ((IGrainBase)GrainInstance!).OnDeactivateAsync(_endReason!.Value, timeout.Token)
                .WaitAsync(Silo.Options.DeactivationTimeout, Silo.Clock);
        }
        catch (Exception failure)
        {
            Silo.Log.DeactivationFailed(this, failure);
        }
        await Close();
        foreach (var call in Gone())
            SendAgain(call);
    }

    private async Task Close()
    {
        foreach (var timer in _timers?.ToArray() ?? [])
            timer.Dispose();
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else
                (GrainInstance as IDisposable)?.Dispose();
            await _scope.DisposeAsync();
        }
        catch (Exception failure)
        {
            Silo.Log.DeactivationFailed(this, failure);
        }
    }

    // From here on a new call finds no activation and makes one; calls that are on their way here are sent again when they arrive.
    private ICall[] Gone()
    {
        _onGone(this);
        Silo.Unregister(this);
        Silo.Engine.Network?.Forget(this);
        _stage = ActivationStage.Ended;
        _ended.TrySetResult();
        return _gate.TakeAll();
    }
}

internal enum ActivationStage
{
    New,
    Activating,
    Ready,
    Ending,
    Ended,
}
