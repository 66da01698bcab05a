using System.Collections.Frozen;

namespace OrleansRec.Model.Reasons;

/// <summary>The sentences in German.</summary>
internal static class GermanSentences
{
    public static readonly FrozenDictionary<string, string> Templates = new Dictionary<string, string>
    {
        ["purchase"] = "Weil Sie „{0}“ gekauft haben.",
        ["cart"] = "Weil Sie „{0}“ in den Warenkorb gelegt haben.",
        ["like"] = "Weil Ihnen „{0}“ gefällt.",
        ["rating"] = "Weil Sie „{0}“ bewertet haben.",
        ["review"] = "Weil Sie „{0}“ rezensiert haben.",
        ["view"] = "Weil Sie „{0}“ angesehen haben.",
        ["click"] = "Weil Sie „{0}“ angeklickt haben.",
        [Sentences.Event] = "Weil Sie sich für „{0}“ interessieren.",
        [Sentences.Basket] = "Weil „{0}“ in Ihrem Warenkorb liegt.",
        [Sentences.Page] = "Weil Sie gerade „{0}“ ansehen.",
        ["item-item"] = "Wer „{0}“ gewählt hat, hat auch dies gewählt.",
        ["bought-together"] = "Wird oft zusammen mit „{0}“ gekauft.",
        ["content"] = "Ähnlich wie „{0}“.",
        ["buy-again"] = "Das haben Sie schon einmal gekauft.",
        ["recently-viewed"] = "Das haben Sie kürzlich angesehen.",
        ["popular"] = "Bei anderen Kunden beliebt.",
        ["trending"] = "Gerade gefragt.",
        ["new"] = "Neu in unserem Shop.",
        ["context"] = "Passt zu dem, was Sie gerade ansehen.",
        ["first-event"] = "Ähnlich wie das, was Sie zuvor gewählt haben.",
        ["segment"] = "Beliebt bei Kunden wie Ihnen.",
        ["any"] = "Aus unserem Sortiment.",
        ["rule"] = "Von unserem Shop empfohlen.",
        ["none"] = "Aus der angefragten Auswahl.",
        [Sentences.Personal] = "Passt zu Ihrem Geschmack.",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
