using Microsoft.AspNetCore.Components;

namespace OrleansRec.Silo.Dashboard.Live;

/// <summary>A page or part that shows the latest view and renders again at each newer one.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    [Inject] protected LiveWindow Window { get; set; } = null!;

    protected LiveView View => Window.View;

    protected override void OnInitialized() => Window.Changed += Renew;

    public virtual void Dispose()
    {
        Window.Changed -= Renew;
        GC.SuppressFinalize(this);
    }

    private void Renew() => _ = InvokeAsync(StateHasChanged);
}
